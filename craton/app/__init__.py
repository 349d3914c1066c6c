"""The one place where the parts are joined: configuration in, an application out."""
