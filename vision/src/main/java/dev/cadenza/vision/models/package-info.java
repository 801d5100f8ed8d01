/** Networks for images. */
package dev.cadenza.vision.models;
