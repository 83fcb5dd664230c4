from aws_cdk import App, CfnOutput, Stack
from cdk_pinpoint_event_stream import (
    CloudWatchLogsDestination,
    FirehoseDestination,
    KinesisStreamDestination,
    PinpointEventStream,
    SmsVoiceConfigurationSet,
    SmsVoiceEventType,
)

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

messages = SmsVoiceConfigurationSet(Stack(app, "SmsVoiceEvents"), "Messages")
messages.add_event_destination("All", destination=FirehoseDestination())
messages.add_event_destination(
    "Blocked",
    destination=CloudWatchLogsDestination(),
    event_types=[SmsVoiceEventType.TEXT_BLOCKED],
)

app.synth()
