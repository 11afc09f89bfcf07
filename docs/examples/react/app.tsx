import { connect, type Item } from '@carillon/web';
import '@carillon/web/toasts';
import type {} from '@carillon/web/react';
import { useInbox } from './use-inbox';

const client = connect({
  url: 'https://notify.example.com',
  // From your own server, which asks Carillon for it: POST /v1/subscribers/{id}/token
  token: () => fetch('/my/carillon-token').then((answer) => answer.text()),
});

export function App() {
  const open = (event: CustomEvent<Item>) => {
    // A router of one's own instead of a page load.
    event.preventDefault();
    console.log('go to', event.detail.actionUrl);
  };
  return (
    <>
      <header>
        <carillon-bell placement="end" oncarillon-item-click={open} />
      </header>
      <Latest />
      <carillon-toasts position="bottom-right" timeout={8000} />
    </>
  );
}

/** The three newest that are unread, drawn by oneself. */
function Latest() {
  const [{ items, counts }, store] = useInbox(client, { filter: { filter: 'unread' }, limit: 3 });
  return (
    <section>
      <h2>{counts.unread} unread</h2>
      <ul>
        {items.slice(0, 3).map((item) => (
          <li key={item.id}>
            {item.title} <button onClick={() => void store.read(item.id)}>Read</button>
          </li>
        ))}
      </ul>
    </section>
  );
}
