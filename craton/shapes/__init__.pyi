"""The shapes of the service models, one module for each service."""

from craton.shapes import bedrock as bedrock
from craton.shapes import bedrock_agent as bedrock_agent
from craton.shapes import bedrock_runtime as bedrock_runtime
