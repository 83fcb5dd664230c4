import { Assembly, Callable, Docs, isClassOrInterfaceType, isInterfaceType, isMethod, isNamedTypeReference, isPrimitiveTypeReference, Method, Parameter, Property } from '@jsii/spec';

/** What says of which shape or unit a value is, by its name. */
const SHAPES: [name: RegExp, text: RegExp, missing: string][] = [
  [/arn$/i, /\bARN\b/, 'that it is an ARN'],
  [/date$/i, /ISO 8601/, 'the form of the date'],
  [/^applicationId$/, /32 lower-case hexadecimal digits/, 'the form of the ID'],
];

const UNIT = /\b(milliseconds|seconds|minutes|hours|days|bytes)\b/;

/** Each thing that the documentation of an assembly's public API does not tell, and should; nothing where it is complete. */
export function findGaps(assembly: Assembly): string[] {
  return Object.values(assembly.types ?? {}).flatMap((type) => {
    if (!isClassOrInterfaceType(type)) {
      return gapsOfText(type.name, type.docs);
    }
    const struct = isInterfaceType(type) && type.datatype === true;
    return [
      ...gapsOfText(type.name, type.docs),
      ...type.docs?.see ? [] : [`${type.name} does not tell its source (@see)`],
      ...isInterfaceType(type) || type.docs?.example ? [] : [`${type.name} has no @example`],
      ...'initializer' in type && type.initializer ? gapsOfCallable(`${type.name}()`, type.initializer) : [],
      ...(type.methods ?? []).flatMap((method) => gapsOfCallable(`${type.name}.${method.name}()`, method)),
      ...(type.properties ?? []).flatMap((property) => gapsOfProperty(`${type.name}.${property.name}`, property, struct)),
    ];
  });
}

function gapsOfText(name: string, docs: Docs | undefined): string[] {
  if (!docs?.summary) {
    return [`${name} has no summary`];
  }
  // jsii ends a summary where the first sentence ends, or at a semicolon, which leaves half a sentence.
  return /[.]$/.test(docs.summary) ? [] : [`${name} has a summary that is no sentence: '${docs.summary}'`];
}

function gapsOfCallable(name: string, callable: Callable | Method): string[] {
  return [
    ...gapsOfText(name, callable.docs),
    ...(callable.parameters ?? []).flatMap((parameter) => gapsOfParameter(`${name}, parameter ${parameter.name}`, parameter)),
    ...isMethod(callable) && callable.returns && !callable.docs?.returns ? [`${name} does not tell what it returns`] : [],
    // API.md does not show it, so that it must be in the text.
    ...callable.docs?.custom?.throws ? [`${name} uses @throws, which is not shown to users: begin a sentence with 'Throws' instead`] : [],
  ];
}

function gapsOfParameter(name: string, parameter: Parameter): string[] {
  return [
    ...gapsOfText(name, parameter.docs),
    ...parameter.optional && !/\b([Ww]ithout|by default)\b/.test(textOf(parameter.docs)) ? [`${name} does not tell what happens without it`] : [],
    ...gapsOfValue(name, parameter),
  ];
}

function gapsOfProperty(name: string, property: Property, struct: boolean): string[] {
  const text = textOf(property.docs);
  return [
    ...gapsOfText(name, property.docs),
    ...property.optional && struct && !property.docs?.default ? [`${name} has no @default`] : [],
    ...property.optional && !struct && !/\bnot set where\b/.test(text) ? [`${name} does not tell when it is not set`] : [],
    ...gapsOfValue(name, property),
  ];
}

function gapsOfValue(name: string, { name: shortName, type, docs }: Parameter | Property): string[] {
  const text = textOf(docs);
  const quantity = isPrimitiveTypeReference(type) && type.primitive === 'number' || isNamedTypeReference(type) && type.fqn === 'aws-cdk-lib.Duration';
  return [
    ...SHAPES.filter(([pattern, expected]) => pattern.test(shortName) && !expected.test(text)).map(([, , missing]) => `${name} does not tell ${missing}`),
    ...quantity && !UNIT.test(text) ? [`${name} does not tell its unit`] : [],
  ];
}

function textOf(docs: Docs | undefined): string {
  return [docs?.summary, docs?.remarks].join('\n');
}
