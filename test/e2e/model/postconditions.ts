import type { Setting } from '../../../src/handler/decision';
import type { StackStatus, Template } from '../../support/cloudformation/cloudformation';

/** The settings that Pinpoint holds, by application ID. */
export type Settings = ReadonlyMap<string, Setting>;

/** What a stack was to do, and what came of it once all functions had ended. */
export interface Observation {
  readonly status: StackStatus;
  readonly before: { readonly template: Template; readonly settings: Settings };
  /** What the template was to be; empty for a deletion. */
  readonly target: Template;
  readonly after: { readonly settings: Settings };
  /** The logical IDs that a Create or an Update was sent for. */
  readonly requested: ReadonlySet<string>;
  /** The applications of which nothing can be said: strangers came in between, or the endpoint was unknown. */
  readonly disturbed: ReadonlySet<string>;
}

type Properties = Template[string];

/** What should hold now and does not, in words. */
export function unmetPostconditions(observation: Observation): string[] {
  const { status, before, target, after, requested, disturbed } = observation;
  const unmet: string[] = [];
  const settingBefore = (applicationId: string) => describe(before.settings.get(applicationId));
  const settingAfter = (applicationId: string) => describe(after.settings.get(applicationId));

  const expect = (what: string, { ApplicationId }: Properties, ...expected: string[]) => {
    if (!disturbed.has(ApplicationId) && !expected.includes(settingAfter(ApplicationId))) {
      unmet.push(`${status}: ${what} of ${ApplicationId}: expected ${expected.join(' or ')}, got ${settingAfter(ApplicationId)}`);
    }
  };
  const expectSet = (properties: Properties) => expect('the event stream', properties, describe(properties));
  /** Ours is gone; another's is as it was. */
  const expectGone = (properties: Properties) => {
    const found = settingBefore(properties.ApplicationId);
    expect('what was left', properties, found === describe(properties) ? NONE : found);
  };
  /** A claim that failed has taken over nothing, unless it was to replace what it found. */
  const expectUnclaimed = (properties: Properties) => {
    const found = settingBefore(properties.ApplicationId);
    expect('the event stream that was found', properties, found, ...properties.ReplaceExisting === 'true' ? [NONE] : []);
  };

  /** What no request was sent for is as it was. */
  const expectUntouched = (properties: Properties) => expect('the event stream that nobody asked for', properties, settingBefore(properties.ApplicationId));

  const changed = Object.entries(target).filter(([id]) => requested.has(id));
  const claims = changed
    .filter(([id, { ApplicationId }]) => before.template[id]?.ApplicationId !== ApplicationId)
    .map(([, properties]) => properties);
  const restored = Object.entries(before.template).filter(([id]) => requested.has(id)).map(([, properties]) => properties);
  const targeted = new Set(Object.values(target).map(({ ApplicationId }) => ApplicationId));
  const claimed = new Set(claims.map(({ ApplicationId }) => ApplicationId));
  Object.entries(before.template)
    .filter(([id, { ApplicationId }]) => id in target && !requested.has(id) && !claimed.has(ApplicationId))
    .forEach(([, properties]) => expectUntouched(properties));

  switch (status) {
    case 'CREATE_COMPLETE':
    case 'UPDATE_COMPLETE':
    case 'DELETE_COMPLETE':
      changed.forEach(([, properties]) => expectSet(properties));
      Object.values(before.template).filter(({ ApplicationId }) => !targeted.has(ApplicationId)).forEach(expectGone);
      break;
    case 'ROLLBACK_COMPLETE':
    case 'UPDATE_ROLLBACK_COMPLETE':
      restored.forEach(expectSet);
      claims.filter((claim) => !restored.some(({ ApplicationId }) => ApplicationId === claim.ApplicationId)).forEach(expectUnclaimed);
      break;
    // After *_FAILED, nothing is said until a person has gone on.
  }
  return unmet;
}

const NONE = 'none';

function describe(setting: Setting | undefined): string {
  return setting === undefined ? NONE : `${setting.DestinationStreamArn} as ${setting.RoleArn}`;
}
