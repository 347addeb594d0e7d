"""The other side: clients that talk to a provider over HTTP and know it by nothing but its URL."""
