/** A photo as a form keeps it: a small JPEG inside the data. */
export const isPhoto = (value: unknown): value is string => typeof value === 'string' && value.startsWith('data:image/jpeg;base64,');

/** Longest edge in pixels, and bytes of the JPEG; the `photo` format of forms/runtime refuses more. */
const MAX_EDGE = 1600;
const MAX_BYTES = 200_000;
const QUALITIES = [0.85, 0.7, 0.55, 0.4];

/**
 * Makes a picture small enough to be part of the form. Drawing it anew drops EXIF: no position, no device.
 * @throws Error when the file is no picture that the browser can read
 */
export async function shrinkPhoto(file: Blob): Promise<string> {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
  try {
    for (let edge = MAX_EDGE; edge >= 300; edge = Math.round(edge * 0.75)) {
      const canvas = draw(picture, edge);
      for (const quality of QUALITIES) {
        const url = canvas.toDataURL('image/jpeg', quality);
        if (url.length * 0.75 <= MAX_BYTES && isPhoto(url)) return url;
      }
    }
  } finally {
    picture.close();
  }
  throw new Error('Expected a picture that fits into 200 KB, but it does not');
}

function draw(picture: ImageBitmap, maxEdge: number): HTMLCanvasElement {
  const scale = Math.min(1, maxEdge / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const context = canvas.getContext('2d');
  if (!context) throw new Error('Expected a canvas to draw on, but the browser has none');
  // JPEG has no transparency: without this it becomes black
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}
