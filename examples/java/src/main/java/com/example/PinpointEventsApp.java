package com.example;

import io.github.cdkpinpointeventstream.CloudWatchLogsDestination;
import io.github.cdkpinpointeventstream.EventLake;
import io.github.cdkpinpointeventstream.KinesisStreamDestination;
import io.github.cdkpinpointeventstream.PinpointEventStream;
import io.github.cdkpinpointeventstream.SmsVoiceConfigurationSet;
import io.github.cdkpinpointeventstream.SmsVoiceEventDestinationOptions;
import io.github.cdkpinpointeventstream.SmsVoiceEventType;
import java.util.List;
import software.amazon.awscdk.App;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.ses.ConfigurationSet;
import software.amazon.awscdk.services.ses.ConfigurationSetEventDestinationOptions;
import software.amazon.awscdk.services.ses.EventDestination;
import software.amazon.awscdk.services.ses.FirehoseDeliveryStreamDestination;

public final class PinpointEventsApp {
    public static void main(final String[] args) {
        App app = new App();
        Stack stack = new Stack(app, "Events");

        EventLake lake = new EventLake(stack, "Lake");
        CfnOutput.Builder.create(stack, "Database").value(lake.getDatabase().getDatabaseName()).build();

        SmsVoiceConfigurationSet messages = new SmsVoiceConfigurationSet(stack, "Messages");
        messages.addEventDestination("All", SmsVoiceEventDestinationOptions.builder()
                .destination(lake)
                .build());
        messages.addEventDestination("Blocked", SmsVoiceEventDestinationOptions.builder()
                .destination(new CloudWatchLogsDestination())
                .eventTypes(List.of(SmsVoiceEventType.TEXT_BLOCKED))
                .build());

        ConfigurationSet emails = new ConfigurationSet(stack, "Emails");
        emails.addEventDestination("All", ConfigurationSetEventDestinationOptions.builder()
                .destination(EventDestination.firehoseDeliveryStream(FirehoseDeliveryStreamDestination.builder()
                        .deliveryStream(lake.getEmailEvents().getDeliveryStream())
                        .build()))
                .build());

        // Only for an application of Amazon Pinpoint that you still have.
        String applicationId = (String) app.getNode().tryGetContext("applicationId");
        if (applicationId != null) {
            PinpointEventStream.Builder.create(stack, "PinpointEvents")
                    .applicationId(applicationId)
                    .destination("lake".equals(app.getNode().tryGetContext("destination"))
                            ? lake
                            : new KinesisStreamDestination())
                    .build();
        }

        app.synth();
    }
}
