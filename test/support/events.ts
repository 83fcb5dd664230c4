import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { Ajv2020, ErrorObject } from 'ajv/dist/2020';

const SCHEMAS = join(__dirname, '..', '..', 'docs', 'schemas');

export type JsonRecord = Record<string, unknown>;

/** The records of one service: their schema, and a sample of each type. */
export class Service {
  public readonly samples: { readonly file: string; readonly record: JsonRecord }[];
  private readonly validator;

  constructor(public readonly name: string, schemaFile: string, private readonly samplesFolder: string) {
    const schema = readJson<JsonRecord>(schemaFile);
    this.samples = readdirSync(join(SCHEMAS, 'samples', samplesFolder)).map((file) => ({ file, record: this.sample(file.replace('.json', '')) }));
    // Strict, which it is by default: a keyword that the validator does not know is an error, and so is a schema that is none.
    this.validator = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);
  }

  /** The sample of an event type. */
  public sample(eventType: string): JsonRecord {
    return readJson('samples', this.samplesFolder, `${eventType}.json`);
  }

  /** The wrong fields of a record, as paths with dots, each with what is wrong. */
  public errorsOf(record: JsonRecord): string[] {
    this.validator(record);
    return (this.validator.errors ?? []).map((error) => `${fieldOf(error)}: ${error.message}`);
  }
}

function readJson<T>(...path: string[]): T {
  return JSON.parse(readFileSync(join(SCHEMAS, ...path), 'utf8')) as T;
}

function fieldOf({ instancePath, params }: ErrorObject): string {
  const path = instancePath.split('/').slice(1);
  return [...path, ...('missingProperty' in params ? [params.missingProperty] : [])].join('.');
}

export const PINPOINT = new Service('Amazon Pinpoint', 'pinpoint-event.schema.json', 'pinpoint');
export const SMS_VOICE = new Service('AWS End User Messaging', 'sms-voice-event.schema.json', 'sms-voice');
