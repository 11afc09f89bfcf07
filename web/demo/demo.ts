// The page at `/demo`: two people of one workspace side by side, and everything that can be sent to them.
import '../all.js';
import { render } from 'lit';
import { DemoApp } from './app.js';
import { openSession } from './calls.js';
import { page, waitingPage } from './page.js';
import { applyTheme, storedTheme } from '../elements/shared/page-theme.js';

const root = document.getElementById('app');
if (!root) throw new Error('the page has no #app');

/** How long until a server that is still starting is asked again, in milliseconds. */
const RETRY_MS = 2000;

applyTheme('demo', storedTheme('demo'));
void start(root);

async function start(into: HTMLElement): Promise<void> {
  try {
    const app = new DemoApp(await openSession(), (changed) => render(page(changed), into));
    render(page(app), into);
    into.setAttribute('aria-busy', 'false');
    app.start();
  } catch (error) {
    render(waitingPage(error instanceof Error ? error.message : 'the server does not answer'), into);
    setTimeout(() => void start(into), RETRY_MS);
  }
}
