from aws_cdk import App, CfnOutput, Stack
from cdk_pinpoint_event_stream import FirehoseDestination, KinesisStreamDestination, PinpointEventStream

app = App()
stack = Stack(app, "PinpointEvents")

events = PinpointEventStream(
    stack,
    "Events",
    application_id=app.node.get_context("applicationId"),
    destination=FirehoseDestination()
    if app.node.try_get_context("destination") == "firehose"
    else KinesisStreamDestination(),
)

CfnOutput(stack, "DestinationArn", value=events.destination_arn)

app.synth()
