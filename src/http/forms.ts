import { isUtf8 } from 'node:buffer';
import { Busboy } from '@fastify/busboy';
import { BodyRefusal } from '../alerts/refused-body.js';

const fieldsAtMost = 200;

/** Names as a sender wrote them -> texts; of a repeated one the last. */
type Fields = Record<string, string>;

/** Text in UTF-8 without NUL. @throws BodyRefusal */
export function plainText(raw: Buffer): string {
  if (!isUtf8(raw)) throw malformed('The body is not valid UTF-8.', 'Send text in UTF-8.');
  if (raw.includes(0)) throw malformed('The body holds a NUL character.', 'Send text.');
  return raw.toString('utf8');
}

/** The fields of `application/x-www-form-urlencoded`, and of a query. @throws BodyRefusal */
export function formFields(raw: Buffer | string): Fields {
  const text = typeof raw === 'string' ? raw : plainText(raw);
  return fieldsOf(new URLSearchParams(text));
}

/** The text fields of `multipart/form-data`; files are left out. @throws BodyRefusal */
export function multipartFields(raw: Buffer, contentType: string): Promise<Fields> {
  return new Promise((resolve, reject) => {
    const pairs: [string, string][] = [];
    const fail = (cause: unknown): void =>
      reject(malformed('The form is not whole.', 'Check its boundary and its end.', cause));
    try {
      const parser = new Busboy({
        headers: { 'content-type': contentType },
        limits: { fields: fieldsAtMost, fieldSize: raw.length, files: 0, parts: fieldsAtMost, headerPairs: 50 },
      });
      parser.on('field', (name, value) => pairs.push([name, value]));
      parser.on('error', fail);
      // What is over the limit would be left out in silence.
      for (const limit of ['fieldsLimit', 'partsLimit'] as const) parser.on(limit, () => reject(tooManyFields()));
      parser.on('finish', () => {
        try {
          resolve(fieldsOf(pairs));
        } catch (refusal) {
          reject(refusal);
        }
      });
      parser.end(raw);
    } catch (error) {
      fail(error);
    }
  });
}

function fieldsOf(pairs: Iterable<[string, string]>): Fields {
  const fields: Fields = {};
  let count = 0;
  for (const [name, value] of pairs) {
    if (++count > fieldsAtMost) throw tooManyFields();
    if (name === '__proto__') throw malformed('The field __proto__ is not taken.', 'Remove it.');
    if (name.includes('\0') || value.includes('\0')) throw malformed('A field holds a NUL character.', 'Remove %00.');
    fields[name] = value;
  }
  return fields;
}

const tooManyFields = (): BodyRefusal => malformed('The form has too many fields.', `Send at most ${fieldsAtMost}.`);

const malformed = (error: string, hint: string, cause?: unknown): BodyRefusal =>
  new BodyRefusal(400, error, hint, { cause });
