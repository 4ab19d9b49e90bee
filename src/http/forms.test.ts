import { describe, expect, it } from 'vitest';
import { formFields, multipartFields, plainText } from './forms.js';

const type = 'multipart/form-data; boundary=b';
const field = (name: string, value: string): string =>
  `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
const whole = (...parts: string[]): Buffer => Buffer.from(`${parts.join('')}--b--\r\n`);
const refused = { statusCode: 400 };

describe('the fields of a form', () => {
  it('are its texts by name, of a repeated one the last', () => {
    expect(formFields('a=1&b=%C3%A9+%26&a=2&empty=')).toEqual({ a: '2', b: 'é &', empty: '' });
    expect(formFields(Buffer.from('payload=%7B%7D'))).toEqual({ payload: '{}' });
  });

  it.each([
    ['bytes that are no UTF-8', Buffer.from([0x61, 0x3d, 0xff])],
    ['an encoded NUL', 'a=%00'],
    ['a NUL in a name', 'a%00=1'],
    ['__proto__', '__proto__=1'],
    ['more fields than are taken', Array.from({ length: 201 }, (_, i) => `a${i}=1`).join('&')],
  ])('are refused with %s', (_, body) => {
    expect(() => formFields(body)).toThrow(expect.objectContaining(refused));
  });
});

describe('the fields of a multipart form', () => {
  it('are its texts by name; files are left out', async () => {
    const file =
      '--b\r\nContent-Disposition: form-data; name="graph"; filename="g.png"\r\nContent-Type: image/png\r\n\r\n\u0089PNG\r\n';
    const body = whole(field('payload', '{"a":1}'), file, field('text', 'two\r\nlines'), field('payload', 'last'));
    expect(await multipartFields(body, type)).toEqual({ payload: 'last', text: 'two\r\nlines' });
    expect(await multipartFields(whole(field('a', 'é')), 'multipart/form-data; boundary="b"')).toEqual({ a: 'é' });
  });

  it.each([
    ['no boundary', whole(field('a', '1')), 'multipart/form-data'],
    ['an encoded __proto__', whole(field('__proto__', '1')), type],
    ['a NUL', whole(field('a', '\0')), type],
    ['more fields than are taken', whole(...Array.from({ length: 201 }, (_, i) => field(`a${i}`, '1'))), type],
  ])('are refused with %s', async (_, body, as) => {
    await expect(multipartFields(body, as)).rejects.toMatchObject(refused);
  });

  it('are refused when it is cut off anywhere, and never waited for', async () => {
    const body = whole(field('a', '1'), field('b', '2'));
    const end = body.length - '--\r\n'.length;
    for (let cut = 1; cut < end; cut++)
      await expect(multipartFields(body.subarray(0, cut), type), `cut at ${cut}`).rejects.toMatchObject(refused);
  });
});

describe('plain text', () => {
  it('is UTF-8 without NUL', () => {
    expect(plainText(Buffer.from('ü\n'))).toBe('ü\n');
    expect(() => plainText(Buffer.from([0xc3]))).toThrow(expect.objectContaining(refused));
    expect(() => plainText(Buffer.from('a\0'))).toThrow(expect.objectContaining(refused));
  });
});
