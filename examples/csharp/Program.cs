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

new PinpointEventStream(stack, "PinpointEvents", new PinpointEventStreamProps
{
    ApplicationId = (string)app.Node.GetContext("applicationId"),
    Destination = (app.Node.TryGetContext("destination") as string) == "lake"
        ? lake
        : new KinesisStreamDestination(),
});

app.Synth();
