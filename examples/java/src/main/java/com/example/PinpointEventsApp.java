package com.example;

import io.github.cdkpinpointeventstream.CloudWatchLogsDestination;
import io.github.cdkpinpointeventstream.FirehoseDestination;
import io.github.cdkpinpointeventstream.KinesisStreamDestination;
import io.github.cdkpinpointeventstream.PinpointEventStream;
import io.github.cdkpinpointeventstream.SmsVoiceConfigurationSet;
import io.github.cdkpinpointeventstream.SmsVoiceEventDestinationOptions;
import io.github.cdkpinpointeventstream.SmsVoiceEventType;
import java.util.List;
import software.amazon.awscdk.App;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Stack;

public final class PinpointEventsApp {
    public static void main(final String[] args) {
        App app = new App();
        Stack stack = new Stack(app, "PinpointEvents");

        PinpointEventStream events = PinpointEventStream.Builder.create(stack, "Events")
                .applicationId((String) app.getNode().getContext("applicationId"))
                .destination("firehose".equals(app.getNode().tryGetContext("destination"))
                        ? new FirehoseDestination()
                        : new KinesisStreamDestination())
                .build();

        CfnOutput.Builder.create(stack, "DestinationArn").value(events.getDestinationArn()).build();

        SmsVoiceConfigurationSet messages = new SmsVoiceConfigurationSet(new Stack(app, "SmsVoiceEvents"), "Messages");
        messages.addEventDestination("All", SmsVoiceEventDestinationOptions.builder()
                .destination(new FirehoseDestination())
                .build());
        messages.addEventDestination("Blocked", SmsVoiceEventDestinationOptions.builder()
                .destination(new CloudWatchLogsDestination())
                .eventTypes(List.of(SmsVoiceEventType.TEXT_BLOCKED))
                .build());

        app.synth();
    }
}
