"""Reads messages of a queue or stream over AMQP, and prints the text of each as a line of JSON."""

import argparse
import json
import ssl
import sys

import pika

arguments = argparse.ArgumentParser()
arguments.add_argument("url")
arguments.add_argument("queue")
arguments.add_argument("count", type=int)
arguments.add_argument("--authority")
arguments.add_argument("--offset")
given = arguments.parse_args()

parameters = pika.URLParameters(given.url)
if given.authority:
    context = ssl.create_default_context(cafile=given.authority)
    parameters.ssl_options = pika.SSLOptions(context, parameters.host)
with pika.BlockingConnection(parameters) as connection:
    channel = connection.channel()
    channel.basic_qos(prefetch_count=100)
    asked = {"x-stream-offset": given.offset} if given.offset else None
    read = 0
    for method, _, body in channel.consume(given.queue, arguments=asked, inactivity_timeout=60):
        if method is None:
            sys.exit(f"{read} of {given.count} messages came")
        channel.basic_ack(method.delivery_tag)
        print(json.dumps(body.decode()))
        read += 1
        if read == given.count:
            break
    channel.cancel()
