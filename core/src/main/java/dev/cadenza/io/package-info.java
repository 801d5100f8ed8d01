/**
 * Read and write files that may be damaged or hostile.
 *
 * <p>Weights come and go by name, as {@link dev.cadenza.nn.Module#stateDict()} gives them. {@link
 * dev.cadenza.io.Weights} reads them from any file that it knows; {@link dev.cadenza.io.Safetensors} also writes them,
 * and so that Python reads them. {@link dev.cadenza.io.TorchFile} reads what {@code torch.save} wrote, without Python and
 * without running any code of the file.
 *
 * <pre>{@code
 * Path file = dir.resolve("digits.safetensors");
 * Safetensors.write(file, model.stateDict());
 *
 * try (Scope scope = Scope.open()) {                    // frees what was read, once it is copied
 *     model.loadStateDict(Weights.read(file));          // everything must fit
 *     LoadReport report = model.loadWhatFits(Weights.read(dir.resolve("resnet18.pth")));   // another head
 *     System.out.println(report);
 * }
 * }</pre>
 *
 * <p>What is no weight goes along as plain data: what something is, a model or a transform, says a {@link
 * dev.cadenza.io.Spec}, which {@link dev.cadenza.io.Described} things give and {@link dev.cadenza.io.Types} make things
 * of. No object is serialized.
 *
 * <p>Whatever is wrong with a file is a {@link dev.cadenza.io.DataException}, whose message names the file, what is wrong
 * with it, and what to do. Nothing that a file announces is believed before it is found to be there: a small file never
 * takes much memory.
 */
package dev.cadenza.io;
