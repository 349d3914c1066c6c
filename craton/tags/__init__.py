"""Tags of any resource, by its ARN, in one place for all services."""
