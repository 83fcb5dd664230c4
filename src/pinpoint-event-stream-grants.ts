import * as iam from 'aws-cdk-lib/aws-iam';
import type { IPinpointEventStream } from './pinpoint-event-stream';

/**
 * What principals can be allowed to do with the event stream of an Amazon Pinpoint application.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonpinpoint.html
 *
 * @example
 * import * as iam from 'aws-cdk-lib/aws-iam';
 * import { PinpointEventStream } from 'cdk-pinpoint-event-stream';
 *
 * declare const events: PinpointEventStream;
 * declare const operator: iam.IRole;
 * events.grants.read(operator);
 */
export class PinpointEventStreamGrants {
  /**
   * The grants of an event stream, for those who implement `IPinpointEventStream`.
   *
   * @param eventStream the event stream that is granted
   * @returns its grants
   */
  public static fromEventStream(eventStream: IPinpointEventStream): PinpointEventStreamGrants {
    return new PinpointEventStreamGrants(eventStream);
  }

  private constructor(private readonly eventStream: IPinpointEventStream) {}

  /**
   * Allows a principal to read the event stream's settings (`mobiletargeting:GetEventStream`).
   *
   * The events are read from the destination, with grants of its own.
   *
   * @param grantee who may read the settings
   * @returns the grant, which tells whether the principal could be given the permission
   */
  public read(grantee: iam.IGrantable): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['mobiletargeting:GetEventStream'],
      resourceArns: [this.eventStream.eventStreamArn],
    });
  }
}
