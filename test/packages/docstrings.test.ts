import {
  Callable, ClassType, Docs, InterfaceType, isClassOrInterfaceType, isInterfaceType, isNamedTypeReference, isPrimitiveTypeReference,
  Method, Parameter, Property, Type, TypeReference,
} from '@jsii/spec';
import { builtAssembly } from './assembly';

/** A part of the public API that has a documentation of its own. */
interface Documented {
  /** Such as `PinpointEventStreamGrants.read() grantee`. */
  readonly path: string;
  readonly kind: 'class' | 'interface' | 'enum' | 'callable' | 'parameter' | 'prop' | 'attribute';
  readonly docs?: Docs;
  readonly name?: string;
  readonly type?: TypeReference;
  readonly optional?: boolean;
}

function partsOf(type: Type): Documented[] {
  if (!isClassOrInterfaceType(type)) {
    return [{ path: type.name, kind: 'enum', docs: type.docs }];
  }
  const { initializer } = type as ClassType;
  const kind = (type as InterfaceType).datatype ? 'prop' : 'attribute';
  return [
    { path: type.name, kind: isInterfaceType(type) ? 'interface' : 'class', docs: type.docs },
    ...initializer ? callable(`${type.name}()`, initializer) : [],
    ...(type.methods ?? []).flatMap((method) => callable(`${type.name}.${method.name}()`, method)),
    ...(type.properties ?? []).map((property: Property) => ({ ...property, path: `${type.name}.${property.name}`, kind } as const)),
  ];
}

function callable(path: string, { docs, parameters, returns }: Callable & Pick<Method, 'returns'>): Documented[] {
  return [
    { path, kind: 'callable', docs, type: returns?.type },
    ...(parameters ?? []).map((parameter: Parameter) => ({ ...parameter, path: `${path} ${parameter.name}`, kind: 'parameter' } as const)),
  ];
}

const API = Object.values(builtAssembly().types!).flatMap(partsOf);

const NEVER_THROW = [
  'CloudWatchLogsDestination()', 'FirehoseDestination()', 'KinesisStreamDestination()', 'SnsTopicDestination()',
  'PinpointEventStreamGrants.fromEventStream()', 'PinpointEventStreamGrants.read()', 'SmsVoiceConfigurationSet.generatePhysicalName()', 'SmsVoiceEventType.toString()',
];

const isNumber = (type?: TypeReference) => isPrimitiveTypeReference(type) && type.primitive === 'number';
const isDuration = (type?: TypeReference) => isNamedTypeReference(type) && type.fqn === 'aws-cdk-lib.Duration';
const textOf = (docs: Docs = {}) => [docs.summary, docs.remarks].join('\n');

test.each<[rule: string, applies: (part: Documented) => unknown, holds: (docs: Docs) => unknown]>([
  // jsii ends a summary at a semicolon as well, which leaves half a sentence.
  ['public name has a summary of one sentence', () => true, ({ summary }) => summary?.endsWith('.')],
  ['class and interface names its source', ({ kind }) => ['class', 'interface'].includes(kind), ({ see }) => see],
  ['class has an example', ({ kind }) => kind === 'class', ({ example }) => example],
  ['method that returns something tells what', ({ kind, type }) => kind === 'callable' && type, ({ returns }) => returns],
  // In the text, since API.md does not show the tag @throws.
  ['constructor and method that refuses something tells when', ({ kind, path }) => kind === 'callable' && !NEVER_THROW.includes(path),
    ({ remarks = '' }) => /\b(Throws|May throw|Reports an error)\b/.test(remarks)],
  ['optional prop tells its default', ({ kind, optional }) => kind === 'prop' && optional, (docs) => docs.default],
  ['optional attribute tells when it is not set', ({ kind, optional }) => kind === 'attribute' && optional, (docs) => /\bnot set where\b/.test(textOf(docs))],
  ['optional parameter tells what happens without it', ({ kind, optional }) => kind === 'parameter' && optional,
    (docs) => /\b([Ww]ithout|by default)\b/.test(textOf(docs))],
  ['number and duration tells its unit', ({ type }) => isNumber(type) || isDuration(type), (docs) => /\b(seconds|minutes|hours|days|bytes)\b/.test(textOf(docs))],
  ['ARN is called one', ({ name = '' }) => /arn$/i.test(name), (docs) => /\bARN\b/.test(textOf(docs))],
  ['application ID tells its form', ({ name }) => name === 'applicationId', (docs) => /32 lower-case hexadecimal digits/.test(textOf(docs))],
])('every %s', (_, applies, holds) => {
  // GIVEN
  const parts = API.filter(applies);
  expect(parts).not.toHaveLength(0);

  // WHEN
  const gaps = parts.filter(({ docs = {} }) => !holds(docs));

  // THEN
  expect(gaps.map(({ path }) => path)).toEqual([]);
});
