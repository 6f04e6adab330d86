/** PDF.js, which is larger than the rest of the page: loaded when somebody looks at a document. The build for older browsers, which VS Code has. */
import { getDocument, VerbosityLevel, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
// What is otherwise its worker: our policy lets a page start none.
import 'pdfjs-dist/legacy/build/pdf.worker.mjs';

export interface PdfFile {
  readonly pageCount: number;
  /** Draws a page, counted from 1, this many pixels wide, and gives the text on it. */
  draw(page: number, canvas: HTMLCanvasElement, width: number): Promise<string>;
  dispose(): void;
}

/** Pixels of a page, and of a picture on one. */
const mostPixels = 16_000_000;
/** Characters of a page that are given as text. */
const mostText = 50_000;

/** Rejects, in words, when it is no PDF or needs a password. Scripts, links and forms of a document do nothing: it is drawn, and no more. */
export const openPdf = async (bytes: Uint8Array): Promise<PdfFile> => {
  const loading = getDocument({
    // It takes away what it is given.
    data: bytes.slice(),
    useWasm: false,
    useWorkerFetch: false,
    disableWorkerRendering: true,
    maxImageSize: mostPixels,
    canvasMaxAreaInBytes: mostPixels * 4,
    verbosity: VerbosityLevel.ERRORS,
  });
  const file = await loading.promise.catch(async (error: unknown) => {
    await loading.destroy();
    throw toReason(error);
  });
  return {
    pageCount: file.numPages,
    draw: async (page, canvas, width) => await draw(file, page, { canvas, width }),
    dispose: () => void loading.destroy(),
  };
};

const toReason = (error: unknown): Error => {
  const isLocked = error instanceof Error && error.name === 'PasswordException';
  const message = isLocked ? 'The document is protected by a password: download it to open it elsewhere.' : 'This is no PDF, or it is cut off.';
  return new Error(message, { cause: error });
};

interface Target {
  readonly canvas: HTMLCanvasElement;
  readonly width: number;
}

const draw = async (file: PDFDocumentProxy, number: number, { canvas, width }: Target): Promise<string> => {
  const page = await file.getPage(number);
  const natural = page.getViewport({ scale: 1 });
  const scale = Math.min(width / natural.width, Math.sqrt(mostPixels / (natural.width * natural.height)));
  const viewport = page.getViewport({ scale });
  canvas.width = Math.ceil(viewport.width);
  canvas.height = Math.ceil(viewport.height);
  const [{ items }] = await Promise.all([page.getTextContent(), page.render({ canvas, viewport }).promise]);
  const parts = items.map((item) => ('str' in item ? `${item.str}${item.hasEOL ? '\n' : ''}` : ''));
  return parts.join('').slice(0, mostText);
};
