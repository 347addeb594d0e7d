"""Pages derived from definitions in the code, one module per page or family of pages."""
