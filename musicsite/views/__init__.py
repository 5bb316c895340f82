"""The pages that span all packages."""
