import { Token } from 'aws-cdk-lib';
import { CfnDeliveryStream, IDeliveryStream, IDeliveryStreamRef } from 'aws-cdk-lib/aws-kinesisfirehose';

/** Whether a reference is more than that. */
export function isDeliveryStream(reference: IDeliveryStreamRef): reference is IDeliveryStream {
  return 'deliveryStreamArn' in reference;
}

/** The resource in the app, where the delivery stream is not imported. */
export function deliveryStreamResourceOf(reference: IDeliveryStreamRef): CfnDeliveryStream | undefined {
  return [reference, reference.node.defaultChild].find((resource): resource is CfnDeliveryStream => CfnDeliveryStream.isCfnDeliveryStream(resource));
}

export const UNKNOWN_KEY = Symbol('unknown key');

/** The customer managed key that encrypts a delivery stream; undefined where it has none. */
export function encryptionKeyArnOf(reference: IDeliveryStreamRef): string | typeof UNKNOWN_KEY | undefined {
  const resource = deliveryStreamResourceOf(reference);
  const encryption = resource?.deliveryStreamEncryptionConfigurationInput;
  if (!resource || Token.isUnresolved(encryption)) {
    return UNKNOWN_KEY;
  }
  return (encryption as CfnDeliveryStream.DeliveryStreamEncryptionConfigurationInputProperty | undefined)?.keyArn;
}
