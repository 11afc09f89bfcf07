import { CarillonClient, InboxStore, type Item } from '@carillon/web/client';

const client = new CarillonClient({
  url: 'https://notify.example.com',
  // From your own server, which asks Carillon for it: POST /v1/subscribers/{id}/token
  token: () => fetch('/my/carillon-token').then((answer) => answer.text()),
});
const inbox = new InboxStore(client);

const part = (id: string) => document.getElementById(id)!;

inbox.subscribe(() => {
  const { items, counts, ended, error } = inbox.state;
  part('unread').textContent = counts.unread > 99 ? '99+' : String(counts.unread);
  part('items').replaceChildren(...items.map(entry));
  part('more').hidden = ended;
  part('problem').textContent = error?.message ?? '';
});
part('more').onclick = () => void inbox.more();
client.on('created', ({ item }) => (document.title = item.title));

function entry(item: Item): HTMLElement {
  const line = document.createElement('li');
  // As text, never as HTML.
  line.append(item.readAt === null ? '● ' : '', item.title, ' ');
  line.append(
    button('Read', () => inbox.read(item.id)),
    button('Archive', () => inbox.archive(item.id)),
  );
  return line;
}

function button(text: string, act: () => Promise<boolean>): HTMLButtonElement {
  const made = document.createElement('button');
  made.textContent = text;
  made.onclick = () => void act();
  return made;
}
