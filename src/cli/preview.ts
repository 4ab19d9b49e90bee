import { mkdir, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { previews } from '../chat/previews.js';
import { type Html, html } from '../chat/web/html.js';
import { previewStyle } from '../chat/web/preview.js';
import { foldersOf, shippedTemplates } from '../config/read.js';
import type { TemplateProblem } from '../messages/check.js';
import { compileTemplates } from '../messages/render.js';
import { sampleNow } from '../messages/sample-incident.js';
import { type SampleMessage, sampleMessages } from '../messages/sample-messages.js';
import { fail, found, print, unable } from './output.js';

/** `muster preview`: every message as people will see it, before an incident shows it to them. */
export function addPreview(program: Command): void {
  program
    .command('preview')
    .description('write a page with every message, from your templates, as each platform shows it')
    .option('--out <folder>', 'where to', 'preview')
    .option('--json', 'one JSON object instead of lines')
    .addHelpText('after', '\nExit codes: 0 written, 1 written and a template has a problem, 2 it cannot be written.')
    .action(async ({ out, json = false }: { out: string; json?: boolean }) => {
      const { templatesFolder } = foldersOf(process.env);
      const templates = compileTemplates(shippedTemplates, templatesFolder);
      const messages = sampleMessages(templates);
      const problems = problemsOf(templates.problems, messages, templatesFolder);
      const file = resolve(out, 'index.html');
      try {
        await mkdir(resolve(out), { recursive: true });
        await writeFile(file, styled(page(messages, problems)));
      } catch (error) {
        return fail(
          unable,
          `${file} cannot be written: ${(error as Error).message}`,
          'Name another folder with --out.',
        );
      }
      const answer = { ok: problems.length === 0, file, messages: messages.map(({ title }) => title), problems };
      const counted = `${messages.length} messages as ${previews.length} columns show them: ${file}`;
      print(json, answer, [...problems, counted].join('\n'));
      if (problems.length > 0) process.exitCode = found;
    });
}

/** With their places; what only shows with the values of a sample stands beside them. */
function problemsOf(
  read: readonly TemplateProblem[],
  messages: readonly SampleMessage[],
  templatesFolder: string,
): string[] {
  const known = read.map(
    ({ folder = templatesFolder, template, line, column, message }) =>
      `${folder}/${template}.hbs:${line}:${column} error ${message}`,
  );
  const shown = messages.flatMap(({ title, problem }) => {
    const [file = ''] = problem?.split(':') ?? [];
    return problem && !known.some((each) => each.includes(`/${file}:`)) ? [`${title}: error ${problem}`] : [];
  });
  const refused = messages.flatMap((message) =>
    previews.flatMap(({ name, problems }) =>
      (problems?.(message) ?? []).map((problem) => `${message.title}: error ${name} refuses ${problem}`),
    ),
  );
  return [...known, ...shown, ...refused];
}

const look = `
body { padding: 24px; overflow-x: auto; background: #fff; color: #1a1f29; }
body > h1 { font-size: 22px; } body > section > h2 { font-size: 15px; margin: 28px 0 8px; }
.row { display: grid; grid-template-columns: ${previews.map(({ width }) => `${width}px`).join(' ')}; gap: 16px; align-items: start; }
.row > div { padding: 10px 16px; border: 1px solid #dde1e9; border-radius: 8px; min-width: 0; }
.row .narrow { padding: 10px 14px; } .row .pinned { max-height: none; margin: -10px -16px; } .row .narrow .pinned { margin: -10px -14px; }
.row pre { white-space: pre-wrap; } .row .text .note { padding-bottom: 6px; }
.names { position: sticky; top: 0; z-index: 2; background: #fff; padding: 8px 0; font-weight: 600; }
.problem { color: #c02626; }`;

/** The style is ours and the one thing that must not be escaped. */
const styled = (whole: Html): string =>
  whole
    .toString()
    .replace(
      '<style></style>',
      () => `<style>${previewStyle()}${look}${previews.map(({ style = '' }) => style).join('')}\n</style>`,
    );

function page(messages: readonly SampleMessage[], problems: readonly string[]): Html {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>What Muster says</title><style></style></head>
<body class="day"><h1>What Muster says</h1>
<p class="note">Every message with values made up. Buttons lead nowhere here.</p>
${problems.map((problem) => html`<p class="problem">${problem}</p>`)}
<div class="row names">${previews.map(({ name }) => html`<span>${name}</span>`)}</div>
${messages.map(
  (message) => html`<section><h2>${message.title}</h2>
<div class="row">${previews.map(({ column, render }) => html`<div class="${column}">${render(message, sampleNow)}</div>`)}</div></section>`,
)}
</body></html>`;
}
