/** The simple HTML that a MESSAGE may contain. */
import { AgentError } from './errors.ts';
import { messageTags } from './protocol/message-tags.ts';

/** A message as it is shown and as it is read out. Throws BAD_PARAMS when no text is left. */
export async function readMessage(message: string): Promise<{ html: string; text: string }> {
  const html = await cleanHtml(message);
  const text = plainText(html);
  if (text !== '') return { html, text };
  throw new AgentError(
    'BAD_PARAMS',
    `message: no text is left without what is not allowed; send text, and of HTML only ${messageTags.join(', ')}`,
  );
}

/**
 * Only the allowed tags and the text between them: no attributes, no URLs, nothing of scripts and styles. The sanitiser costs 6 MB and
 * 40 ms, so it is loaded with the first message.
 */
export async function cleanHtml(message: string): Promise<string> {
  // The sanitiser require()s its parser, an ES module, which Node refuses while another import of it is under way.
  await import('htmlparser2');
  const { default: sanitizeHtml } = await import('sanitize-html');
  return sanitizeHtml(message, { allowedTags: [...messageTags], allowedAttributes: {} }).trim();
}

/** The words of cleaned HTML: a space between blocks, entities decoded. */
export function plainText(html: string): string {
  return html
    .replace(/<(?:br|\/?(?:p|ul|ol|li|h[1-3]))(?: \/)?>/g, ' ')
    .replace(/<[^>]*>/g, '')
    .replace(/&(lt|gt|quot|amp);/g, (entity, name: string) => entities[name] ?? entity)
    .replace(/\s+/g, ' ')
    .trim();
}

/** The entities that the sanitiser writes into text. */
const entities: Record<string, string> = { lt: '<', gt: '>', quot: '"', amp: '&' };
