"""AWS on the wire: service models in, HTTP messages read and written. Knows no capability, store or engine.

`spec` reads the service models, `router` names the operation of a request, `reader` turns it into a validated dict,
`writer` turns a result or an error into a response, `events` frames event streams, `signatures` verifies who sent it,
`validation` tells what is wrong with a value.
"""
