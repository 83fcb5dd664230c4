package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsses"
	"github.com/aws/jsii-runtime-go"
	events "github.com/cdk-pinpoint-event-stream/cdk-pinpoint-event-stream-go/cdkpinpointeventstream"
)

func main() {
	defer jsii.Close()

	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Events"), nil)

	lake := events.NewEventLake(stack, jsii.String("Lake"), nil)
	awscdk.NewCfnOutput(stack, jsii.String("Database"), &awscdk.CfnOutputProps{Value: lake.Database().DatabaseName()})

	messages := events.NewSmsVoiceConfigurationSet(stack, jsii.String("Messages"), nil)
	messages.AddEventDestination(jsii.String("All"), &events.SmsVoiceEventDestinationOptions{
		Destination: lake,
	})
	messages.AddEventDestination(jsii.String("Blocked"), &events.SmsVoiceEventDestinationOptions{
		Destination: events.NewCloudWatchLogsDestination(nil),
		EventTypes:  &[]events.SmsVoiceEventType{events.SmsVoiceEventType_TEXT_BLOCKED()},
	})

	emails := awsses.NewConfigurationSet(stack, jsii.String("Emails"), nil)
	emails.AddEventDestination(jsii.String("All"), &awsses.ConfigurationSetEventDestinationOptions{
		Destination: awsses.EventDestination_FirehoseDeliveryStream(&awsses.FirehoseDeliveryStreamDestination{
			DeliveryStream: lake.EmailEvents().DeliveryStream(),
		}),
	})

	// Only for an application of Amazon Pinpoint that you still have.
	if applicationId, ok := app.Node().TryGetContext(jsii.String("applicationId")).(string); ok {
		var destination events.IEventStreamDestination = events.NewKinesisStreamDestination(nil)
		if app.Node().TryGetContext(jsii.String("destination")) == "lake" {
			destination = lake
		}
		events.NewPinpointEventStream(stack, jsii.String("PinpointEvents"), &events.PinpointEventStreamProps{
			ApplicationId: jsii.String(applicationId),
			Destination:   destination,
		})
	}

	app.Synth(nil)
}
