using Amazon.CDK;
using CdkPinpointEventStream;

var app = new App();
var stack = new Stack(app, "PinpointEvents");

var events = new PinpointEventStream(stack, "Events", new PinpointEventStreamProps
{
    ApplicationId = (string)app.Node.GetContext("applicationId"),
    Destination = (app.Node.TryGetContext("destination") as string) == "firehose"
        ? new FirehoseDestination()
        : new KinesisStreamDestination(),
});

new CfnOutput(stack, "DestinationArn", new CfnOutputProps { Value = events.DestinationArn });

var messages = new SmsVoiceEventStream(new Stack(app, "SmsVoiceEvents"), "Events", new SmsVoiceEventStreamProps
{
    Destination = new FirehoseDestination(),
});
messages.AddEventDestination("Blocked", new SmsVoiceEventDestinationProps
{
    Destination = new CloudWatchLogsDestination(),
    EventTypes = new[] { SmsVoiceEventType.TEXT_BLOCKED },
});

app.Synth();
