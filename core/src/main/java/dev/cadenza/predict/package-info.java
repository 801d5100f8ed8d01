/**
 * Predict from exported models, where nothing is trained.
 *
 * <p>{@code learn.export} writes one file: weights, as any safetensors file has them, and beside them what the model is,
 * what inputs go through in validation, what the output means and how the classes are called. A {@link
 * dev.cadenza.predict.Predictor} loads it: no learner, no data set, no class of the training. Images have an {@code
 * ImagePredictor}, in the vision module, which takes files.
 *
 * <pre>{@code
 * Path file = dir.resolve("digits.safetensors");
 * learn.export(file);
 *
 * try (Predictor predictor = Predictor.load(file)) {
 *     predictor.warm(Tensor.zeros(784));
 *     Prediction seen = predictor.predict(x);
 *     System.out.println(seen.label() + ", " + seen.probability() + ", " + seen.top(3));
 * }
 * }</pre>
 *
 * <p><b>What can be exported.</b> What is {@link dev.cadenza.io.Described}: all ready layers, networks and transforms. A
 * function says nothing of itself: {@code Activation.relu()} stands for {@code Tensor::relu}. A module of yours says what
 * its constructor takes, and whoever loads the file adds how it is made; {@link dev.cadenza.io.Described} shows both.
 *
 * <p><b>What a file cannot do.</b> It names types, and only those that the loading program knows are made: no class is
 * looked up, nothing is deserialized. Whatever is wrong with it is a {@link dev.cadenza.io.DataException} in one line.
 */
package dev.cadenza.predict;
