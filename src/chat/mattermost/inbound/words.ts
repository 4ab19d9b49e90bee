/** What people are told when Muster could not do what they asked. */
export const notRecorded = 'Not recorded, try again.';
export const slow =
  'This takes longer than usual, and nobody knows yet whether it was recorded. Look before you try again.';
export const noForm = 'Mattermost did not open the form, and nothing was done. Try again.';
export const noButton =
  'This button is no longer understood, and nothing was done. Type /incident to see what can be done.';
export const noDialog = 'This form is no longer understood, and nothing was done. Open it again.';
export const needed = 'This is needed.';
export const tooLong = (atMost: number): string => `At most ${atMost} characters.`;
export const notOffered = 'Choose one of those offered.';
