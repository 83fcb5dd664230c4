import { CfnDeliveryStream, IDeliveryStream, IDeliveryStreamRef } from 'aws-cdk-lib/aws-kinesisfirehose';

/** The delivery stream, where a reference is more than that. */
export function asDeliveryStream(reference: IDeliveryStreamRef | undefined): IDeliveryStream | undefined {
  return reference && 'deliveryStreamArn' in reference ? reference as IDeliveryStream : undefined;
}

/** The resource in the app, where the delivery stream is not imported. */
export function deliveryStreamResourceOf(reference: IDeliveryStreamRef): CfnDeliveryStream | undefined {
  return [reference, reference.node.defaultChild].find((resource): resource is CfnDeliveryStream => CfnDeliveryStream.isCfnDeliveryStream(resource));
}
