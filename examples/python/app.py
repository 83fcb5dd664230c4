from aws_cdk import App, CfnOutput, Stack
from aws_cdk import aws_ses as ses
from cdk_pinpoint_event_stream import (
    CloudWatchLogsDestination,
    EventLake,
    KinesisStreamDestination,
    PinpointEventStream,
    SmsVoiceConfigurationSet,
    SmsVoiceEventType,
)

app = App()
stack = Stack(app, "Events")

lake = EventLake(stack, "Lake")
CfnOutput(stack, "Database", value=lake.database.database_name)

messages = SmsVoiceConfigurationSet(stack, "Messages")
messages.add_event_destination("All", destination=lake)
messages.add_event_destination(
    "Blocked",
    destination=CloudWatchLogsDestination(),
    event_types=[SmsVoiceEventType.TEXT_BLOCKED],
)

emails = ses.ConfigurationSet(stack, "Emails")
emails.add_event_destination(
    "All",
    destination=ses.EventDestination.firehose_delivery_stream(
        delivery_stream=lake.email_events.delivery_stream
    ),
)

# Only for an application of Amazon Pinpoint that you still have.
application_id = app.node.try_get_context("applicationId")
if application_id:
    PinpointEventStream(
        stack,
        "PinpointEvents",
        application_id=application_id,
        destination=lake
        if app.node.try_get_context("destination") == "lake"
        else KinesisStreamDestination(),
    )

app.synth()
