import { PackagedFunction, PackagedFunctionOptions } from './packaged-function';
import { hasSetting, Setting } from '../../../src/handler/event-stream';
import type { EventStreamProperties } from '../../../src/handler/protocol';
import { ResponseEndpoint } from '../cloudformation/response-endpoint';
import { Emulators } from '../emulators/emulators';

/** Settings of event streams: the wanted one, the one that a stack had before, and one that no stack set. */
export const SETTINGS = {
  'ours': setting('ours'),
  'former': setting('former'),
  "another's": setting('anothers'),
} as const;

/** Whose setting Pinpoint holds. */
export type Holder = keyof typeof SETTINGS | 'none';

function setting(name: string): Setting {
  return { DestinationStreamArn: `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`, RoleArn: `arn:aws:iam::000000000000:role/${name}` };
}

/** Amazon Pinpoint's emulator on one side of the packaged function, and CloudFormation's endpoint on the other. */
export class Laboratory {
  public static async start(): Promise<Laboratory> {
    // Not an hour behind, as for stacks that are deployed: here, answers' URLs bear a date.
    const [emulators, endpoint] = await Promise.all([Emulators.start('UTC'), ResponseEndpoint.start()]);
    return new Laboratory(emulators, endpoint);
  }

  private constructor(readonly emulators: Emulators, readonly endpoint: ResponseEndpoint) {}

  public newFunction(options: PackagedFunctionOptions): PackagedFunction {
    return new PackagedFunction(this.emulators, this.endpoint, options);
  }

  public async setEventStream(applicationId: string, holder: keyof typeof SETTINGS): Promise<void> {
    const { DestinationStreamArn, RoleArn } = SETTINGS[holder];
    await this.emulators.setEventStream(applicationId, DestinationStreamArn, RoleArn);
  }

  public async holderOf(applicationId: string): Promise<Holder> {
    const found = await this.emulators.eventStream(applicationId);
    return found ? (Object.keys(SETTINGS) as (keyof typeof SETTINGS)[]).find((holder) => hasSetting(found as Setting, SETTINGS[holder]))! : 'none';
  }

  public async stop(): Promise<void> {
    await Promise.all([this.emulators.stop(), this.endpoint.stop()]);
  }
}

/** The properties of an event stream in a template. */
export function properties(ApplicationId: string, holder: keyof typeof SETTINGS = 'ours', replaceExisting: boolean = false): EventStreamProperties {
  return { ApplicationId, ...SETTINGS[holder], ReplaceExisting: String(replaceExisting) };
}
