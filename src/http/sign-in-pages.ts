import { frame } from '../chat/web/frame.js';
import { type Html, html, type Part } from '../chat/web/html.js';

interface Around {
  nonce: string;
  title: string;
}

const alone = ({ nonce, title }: Around, body: Part): Html =>
  frame(
    { title, nonce },
    html`<main class="alone"><div><span class="logo" aria-hidden="true">M</span>${body}</div></main>`,
  );

export interface SignInForm {
  nonce: string;
  next: string;
  name: string;
  problem: string | null;
  /** Other ways in, above the form. */
  ways?: Part;
}

export const signInPage = ({ nonce, next, name, problem, ways }: SignInForm): Html =>
  alone(
    { nonce, title: 'Sign in' },
    html`<h1>Sign in to Muster</h1>
${problem !== null && html`<p class="problem" role="alert">${problem}</p>`}
${ways}
<p>In chat, <code>/incident web</code> gives you a link that signs you in.</p>
<form method="post" action="/sign-in">
<label for="token">Your token</label>
<input id="token" name="token" type="password" required autocomplete="current-password" autofocus>
<label for="name">Your name, with the shared token (MUSTER_API_TOKEN) only</label>
<input id="name" name="name" value="${name}" maxlength="60" autocomplete="name">
<input type="hidden" name="next" value="${next}">
<button class="button primary">Sign in</button>
</form>`,
  );

/** A link was opened, perhaps by a program that looks at every link: only the button signs in. */
export const linkPage = ({ nonce, name, action }: { nonce: string; name: string; action: string }): Html =>
  alone(
    { nonce, title: 'Sign in' },
    html`<h1>Sign in as ${name}?</h1>
<p>The link works once. If you are not ${name}, close this page.</p>
<form method="post" action="${action}"><button class="button primary">Sign in</button></form>`,
  );

export const deadLinkPage = ({ nonce }: { nonce: string }): Html =>
  alone(
    { nonce, title: 'Sign in' },
    html`<h1>This link does not work</h1>
<p>It was used, or is too old. Ask for another one in chat, <code>/incident web</code>; while chat is down, sign in another way.</p>
<p><a href="/sign-in">Other ways to sign in</a></p>`,
  );
