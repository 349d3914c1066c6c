"""What the machine has to compute with, within the limits that its operator set for this process. Knows no model."""
