type Fields = Record<string, unknown>;

/** https://docs.slack.dev/reference/views and the blocks of forms. */
const limits = { blocks: 100, title: 24, metadata: 3_000, label: 2_000, placeholder: 150, options: 100, option: 75 };

/** What Slack would refuse a view for, as far as Muster makes views. */
export function viewProblems(view: unknown): string[] {
  const problems: string[] = [];
  const { type, blocks, title, submit, close, private_metadata: metadata, callback_id: callback } = view as Fields;
  const most = (text: unknown, limit: number, what: string): void => {
    const shown = typeof text === 'string' ? text : (text as { text?: unknown } | undefined)?.text;
    if (typeof shown !== 'string' || shown.length === 0 || shown.length > limit)
      problems.push(`${what}: ${String(shown).length}`);
  };
  if (!Array.isArray(blocks) || blocks.length > limits.blocks) return ['blocks'];
  const ids = JSON.stringify(blocks).match(/"block_id":"[^"]*"/g) ?? [];
  if (new Set(ids).size < ids.length) problems.push('a block_id stands twice');
  if (type === 'home') return problems;
  if (type !== 'modal') return ['no modal'];
  for (const [what, text] of Object.entries({ title, submit, close })) most(text, limits.title, what);
  most(metadata, limits.metadata, 'private_metadata');
  if (typeof callback !== 'string') problems.push('callback_id');
  for (const block of blocks as Fields[]) {
    if (block.type !== 'input') continue;
    most(block.label, limits.label, 'label');
    const { placeholder, options, initial_value: first, max_length: atMost, type: kind } = block.element as Fields;
    if (placeholder) most(placeholder, limits.placeholder, 'placeholder');
    if (kind === 'plain_text_input' && String(first ?? '').length > Number(atMost)) problems.push('initial_value');
    if (kind !== 'static_select') continue;
    const all = options as Fields[];
    if (all.length === 0 || all.length > limits.options) problems.push('options');
    for (const option of all) {
      most(option.text, limits.option, 'option');
      most(option.value, limits.option, 'option value');
    }
  }
  return problems;
}
