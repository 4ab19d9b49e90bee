/** What people are told when Muster could not do what they asked. */
export const notRecorded = 'Not recorded, try again.';
export const slow = 'This takes longer than usual. The answer follows here.';
export const noForm = 'Slack did not open the form, and nothing was done. Try again.';
export const noButton = 'This button is no longer understood. Type /incident to see what can be done.';
export const notOfHere = 'Only members of this workspace can do this.';
