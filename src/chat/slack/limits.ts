/** What Slack takes, in characters unless said otherwise. It answers what is over with `invalid_blocks` and shows nothing. */

/** https://docs.slack.dev/reference/block-kit/blocks */
export const blocksPerMessage = 50;
/** Undocumented: all blocks of a message as JSON, then it is refused with `msg_blocks_too_long`. */
export const jsonPerMessage = 13_200;
/** https://docs.slack.dev/reference/methods/chat.postMessage: what is longer is cut. */
export const messageText = 40_000;
/** https://docs.slack.dev/reference/block-kit/blocks/header-block */
export const headerText = 150;
/** https://docs.slack.dev/reference/block-kit/blocks/section-block */
export const fieldsPerSection = 10;
export const fieldText = 2_000;
/**
 * https://docs.slack.dev/reference/block-kit/composition-objects/text-object. Kept for a text in a rich text block too,
 * for which https://docs.slack.dev/reference/block-kit/blocks/rich-text-block publishes none.
 */
export const objectText = 3_000;
/** https://docs.slack.dev/reference/block-kit/blocks/context-block */
export const elementsPerContext = 10;
/** https://docs.slack.dev/reference/block-kit/blocks/actions-block */
export const elementsPerActions = 25;
/** https://docs.slack.dev/reference/block-kit/block-elements/button-element */
export const buttonText = 75;
export const buttonValue = 2_000;
export const address = 3_000;
/** https://docs.slack.dev/reference/block-kit/block-elements */
export const idLength = 255;
