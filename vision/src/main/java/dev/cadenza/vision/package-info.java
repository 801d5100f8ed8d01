/** Bring images to models: decode, augment, and train on them. */
package dev.cadenza.vision;
