/** A photo as a form keeps it: a small JPEG inside the data. */
export const isPhoto = (value: unknown): value is string => typeof value === 'string' && value.startsWith('data:image/jpeg;base64,');

/** Longest edge in pixels, and bytes of the JPEG; the `photo` format of forms/runtime refuses more. */
const MAX_EDGE = 1600;
const MAX_BYTES = 200_000;
/** Of all photos of one field together, so that a submission stays well under the server's limit of 1 MB. */
const MAX_FIELD_BYTES = 480_000;
const QUALITIES = [0.85, 0.7, 0.55, 0.4];

/**
 * Makes a picture small enough to be part of the form. Drawing it anew drops EXIF: no position, no device.
 * @throws Error when the file is no picture that the browser can read
 */
export async function shrinkPhoto(file: Blob, maxPhotos: number): Promise<string> {
  const maxBytes = Math.min(MAX_BYTES, MAX_FIELD_BYTES / maxPhotos);
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
  try {
    for (let edge = MAX_EDGE; edge >= 300; edge = Math.round(edge * 0.75)) {
      const canvas = draw(picture, edge);
      for (const quality of QUALITIES) {
        const url = canvas.toDataURL('image/jpeg', quality);
        if (url.length * 0.75 <= maxBytes && isPhoto(url)) return url;
      }
    }
  } finally {
    picture.close();
  }
  throw new Error('Expected a picture that is small enough, but it does not');
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
