"""What a good client does, whatever the provider says: rules that hold over every exchange, without any switch."""
