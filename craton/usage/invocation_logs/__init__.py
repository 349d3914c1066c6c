"""What models were asked and what they answered, kept where an account wants it: in a bucket, in a log stream.

The format and the paths are those of Bedrock's model invocation logging:
https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html
"""
