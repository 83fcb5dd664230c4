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

var messages = new SmsVoiceConfigurationSet(new Stack(app, "SmsVoiceEvents"), "Messages");
messages.AddEventDestination("All", new SmsVoiceEventDestinationOptions
{
    Destination = new FirehoseDestination(),
});
messages.AddEventDestination("Blocked", new SmsVoiceEventDestinationOptions
{
    Destination = new CloudWatchLogsDestination(),
    EventTypes = new[] { SmsVoiceEventType.TEXT_BLOCKED },
});

app.Synth();
