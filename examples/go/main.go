package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
	events "github.com/cdk-pinpoint-event-stream/cdk-pinpoint-event-stream-go/cdkpinpointeventstream"
)

func main() {
	defer jsii.Close()

	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("PinpointEvents"), nil)

	var destination events.IEventStreamDestination = events.NewKinesisStreamDestination(nil)
	if app.Node().TryGetContext(jsii.String("destination")) == "firehose" {
		destination = events.NewFirehoseDestination(nil)
	}

	eventStream := events.NewPinpointEventStream(stack, jsii.String("Events"), &events.PinpointEventStreamProps{
		ApplicationId: jsii.String(app.Node().GetContext(jsii.String("applicationId")).(string)),
		Destination:   destination,
	})

	awscdk.NewCfnOutput(stack, jsii.String("DestinationArn"), &awscdk.CfnOutputProps{Value: eventStream.DestinationArn()})

	messages := events.NewSmsVoiceConfigurationSet(awscdk.NewStack(app, jsii.String("SmsVoiceEvents"), nil), jsii.String("Messages"), nil)
	messages.AddEventDestination(jsii.String("All"), &events.SmsVoiceEventDestinationOptions{
		Destination: events.NewFirehoseDestination(nil),
	})
	messages.AddEventDestination(jsii.String("Blocked"), &events.SmsVoiceEventDestinationOptions{
		Destination: events.NewCloudWatchLogsDestination(nil),
		EventTypes:  &[]events.SmsVoiceEventType{events.SmsVoiceEventType_TEXT_BLOCKED()},
	})

	app.Synth(nil)
}
