import { CfnDeliveryStream, IDeliveryStream, IDeliveryStreamRef } from 'aws-cdk-lib/aws-kinesisfirehose';

/** The delivery stream, if this is a construct of one and not only a reference. */
export function asDeliveryStream(reference: IDeliveryStreamRef | undefined): IDeliveryStream | undefined {
  return reference && 'deliveryStreamArn' in reference ? reference as IDeliveryStream : undefined;
}

/** The resource in the app, if the delivery stream is not imported. */
export function deliveryStreamResourceOf(reference: IDeliveryStreamRef): CfnDeliveryStream | undefined {
  return [reference, reference.node.defaultChild].find((resource): resource is CfnDeliveryStream => CfnDeliveryStream.isCfnDeliveryStream(resource));
}
