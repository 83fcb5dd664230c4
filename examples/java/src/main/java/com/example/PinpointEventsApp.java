package com.example;

import io.github.cdkpinpointeventstream.FirehoseDestination;
import io.github.cdkpinpointeventstream.KinesisStreamDestination;
import io.github.cdkpinpointeventstream.PinpointEventStream;
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

        app.synth();
    }
}
