using Amazon.CDK;
using CdkPinpointEventStream;
using SES = Amazon.CDK.AWS.SES;

var app = new App();
var stack = new Stack(app, "Events");

var lake = new EventLake(stack, "Lake");
new CfnOutput(stack, "Database", new CfnOutputProps { Value = lake.Database.DatabaseName });

var messages = new SmsVoiceConfigurationSet(stack, "Messages");
messages.AddEventDestination("All", new SmsVoiceEventDestinationOptions
{
    Destination = lake,
});
messages.AddEventDestination("Blocked", new SmsVoiceEventDestinationOptions
{
    Destination = new CloudWatchLogsDestination(),
    EventTypes = new[] { SmsVoiceEventType.TEXT_BLOCKED },
});

var emails = new SES.ConfigurationSet(stack, "Emails");
emails.AddEventDestination("All", new SES.ConfigurationSetEventDestinationOptions
{
    Destination = SES.EventDestination.FirehoseDeliveryStream(new SES.FirehoseDeliveryStreamDestination
    {
        DeliveryStream = lake.EmailEvents.DeliveryStream,
    }),
});

// Only for an application of Amazon Pinpoint that you still have.
if (app.Node.TryGetContext("applicationId") is string applicationId)
{
    IEventStreamDestination destination = new KinesisStreamDestination();
    if (app.Node.TryGetContext("destination") is "lake")
    {
        destination = lake;
    }
    new PinpointEventStream(stack, "PinpointEvents", new PinpointEventStreamProps
    {
        ApplicationId = applicationId,
        Destination = destination,
    });
}

app.Synth();
