/**
 * What a figure does where scripts are allowed, as text: a slider in the place of the buttons, and pictures enlarged by the filter
 * of `core/resample.ts`, which a test compares it with. It stands in the file as it is, so it is written small and for old browsers.
 */

/** `resample(rgba, width, height, toWidth, toHeight)`. */
export const RESAMPLE = `
function weigh(from, to) {
  var scale = from / to, stretch = Math.max(1, scale), support = 3 * stretch, all = []
  for (var i = 0; i < to; i++) {
    var centre = (i + 0.5) * scale, weights = [], sum = 0
    var start = Math.max(0, Math.floor(centre - support + 0.5)), end = Math.min(from, Math.floor(centre + support + 0.5))
    for (var k = start; k < end; k++) {
      var x = Math.PI * ((k + 0.5 - centre) / stretch)
      var w = x === 0 ? 1 : Math.abs(x) < 3 * Math.PI ? (3 * Math.sin(x) * Math.sin(x / 3)) / (x * x) : 0
      weights.push(w)
      sum += w
    }
    all.push({ start: start, weights: weights.map(function (w) { return w / sum }) })
  }
  return all
}
function along(values, rows, from, to, strides, step, out) {
  var taps = weigh(from, to)
  for (var row = 0; row < rows; row++)
    for (var i = 0; i < to; i++) {
      var weights = taps[i].weights, first = row * strides[0] + taps[i].start * step, at = row * strides[1] + i * step
      for (var c = 0; c < 4; c++) {
        var sum = 0
        for (var k = 0; k < weights.length; k++) sum += weights[k] * values[first + k * step + c]
        out[at + c] = sum
      }
    }
  return out
}
function resample(values, width, height, toWidth, toHeight) {
  var wide = along(values, height, width, toWidth, [4 * width, 4 * toWidth], 4, new Float32Array(4 * toWidth * height))
  return along(wide, toWidth, height, toHeight, [4, 4], 4 * toWidth, new Uint8ClampedArray(4 * toWidth * toHeight))
}
`

const SLIDER = `
var stops = [].slice.call(document.querySelectorAll('.stop'))
var slider = document.createElement('input')
function chosen() { for (var i = 0; i < stops.length; i++) if (stops[i].checked) return i; return 0 }
function told() {
  slider.value = chosen()
  slider.setAttribute('aria-valuetext', stops[chosen()].getAttribute('aria-label'))
  sized()
}
slider.type = 'range'
slider.className = 'slider'
slider.min = 0
slider.max = stops.length - 1
slider.step = 1
slider.setAttribute('aria-label', document.querySelector('main').getAttribute('aria-label'))
slider.addEventListener('input', function () { stops[slider.value].checked = true; told() })
stops.forEach(function (stop) { stop.addEventListener('change', told) })
`

/** A canvas over each picture; where a browser spoils what is read back, the pictures stay as they are. */
const PICTURES = `
function readsBack() {
  var context = document.createElement('canvas').getContext('2d'), data = context.createImageData(16, 16)
  for (var i = 0; i < data.data.length; i++) data.data[i] = i % 4 === 3 ? 255 : (i * 37) % 251
  context.putImageData(data, 0, 0)
  var back = context.getImageData(0, 0, 16, 16).data
  for (i = 0; i < back.length; i++) if (back[i] !== data.data[i]) return false
  return true
}
function seen(frame) { return [].filter.call(frame.querySelectorAll('img'), function (img) { return img.offsetWidth > 0 })[0] }
function paint(frame) {
  var img = seen(frame), canvas = frame.querySelector('canvas')
  if (!canvas) return
  canvas.hidden = !img
  if (!img) return
  if (!img.complete) { img.onload = function () { paint(frame) }; return }
  var own = img.naturalWidth, high = img.naturalHeight, ratio = window.devicePixelRatio || 1
  var box = frame.getBoundingClientRect()
  var width = Math.min(8 * own, Math.max(1, Math.round(box.width * ratio))), height = Math.round((width * high) / own)
  var name = [].indexOf.call(frame.children, img) + ' ' + width
  if (canvas.getAttribute('data-shows') === name) return
  canvas.setAttribute('data-shows', name)
  var source = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  source.canvas.width = own
  source.canvas.height = high
  source.drawImage(img, 0, 0)
  canvas.width = width
  canvas.height = height
  var columns = +frame.getAttribute('data-columns'), rows = +frame.getAttribute('data-rows'), w = own / columns, h = high / rows
  for (var row = 0; row < rows; row++)
    for (var column = 0; column < columns; column++) {
      var left = Math.round((column * width) / columns), right = Math.round(((column + 1) * width) / columns)
      var top = Math.round((row * height) / rows), bottom = Math.round(((row + 1) * height) / rows)
      var tile = source.getImageData(column * w, row * h, w, h).data
      var pixels = resample(tile, w, h, right - left, bottom - top)
      canvas.getContext('2d').putImageData(new ImageData(pixels, right - left, bottom - top), left, top)
    }
}
var frames = [].slice.call(document.querySelectorAll('.frame'))
if (readsBack()) frames.forEach(function (frame) {
  var canvas = document.createElement('canvas')
  canvas.setAttribute('aria-hidden', 'true')
  frame.appendChild(canvas)
})
`

/** Begins, and tells the page around how high the figure is, as an embedded page does. */
const START = `
var main = document.querySelector('main')
document.documentElement.className = 'live'
main.removeAttribute('role')
main.insertBefore(slider, document.querySelector('.axis').nextSibling)
told()
function sized() {
  frames.forEach(paint)
  if (window.parent !== window)
    window.parent.postMessage({ type: 'guidance-playground', kind: 'height', height: Math.ceil(document.body.getBoundingClientRect().height) }, '*')
}
window.addEventListener('resize', sized)
window.addEventListener('load', sized)
document.addEventListener('toggle', sized, true)
`

const small = (text: string) => text.replaceAll(/\n\s*/g, '\n')

/** All of it. */
export const SCRIPT = small(`(function () {\n'use strict'${RESAMPLE}${SLIDER}${PICTURES}${START}})()`)

/** The pictures alone; the page is ready once it is done. */
export const DRAWING = small(`${RESAMPLE}${PICTURES}frames.forEach(paint)`)
