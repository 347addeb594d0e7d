"""aiohttp in, aiohttp out: routes, pages, control API. The one place where everything meets."""
