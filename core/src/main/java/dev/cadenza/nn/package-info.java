/**
 * Build models: modules, layers, functions, first values and losses ({@code torch.nn}).
 *
 * <p>A {@link dev.cadenza.nn.Layer} maps a tensor to a tensor; any function of that form is one. A
 * {@link dev.cadenza.nn.Module} is a layer that holds something: parameters, buffers and other modules. To write one,
 * extend {@code Module}, put what it holds into fields and override {@code compute}; the fields register themselves.
 * {@link dev.cadenza.nn.Sequential} chains layers where no {@code compute} has to be written.
 *
 * <p>{@link dev.cadenza.nn.F} has what layers compute as functions, for those who hold the weights themselves.
 * {@link dev.cadenza.nn.Activation} gives such a function a name in a printed model. Layers start with PyTorch's
 * weights, the same ones after the same seed; {@link dev.cadenza.nn.Init} draws others, and
 * {@link dev.cadenza.nn.Lsuv} scales them by what a batch makes of them. A {@link dev.cadenza.nn.Loss} says how wrong a
 * prediction is; {@link dev.cadenza.nn.Losses} has the usual ones, which refuse targets that PyTorch would broadcast in
 * silence.
 *
 * <p><b>Names of the state.</b> Each parameter and buffer is named by the fields that lead to it, in snake case and
 * joined by dots; members of lists, arrays and {@code Sequential}s by their position, those of maps by their key. They
 * are PyTorch's names, so that its weights can be loaded: the field {@code bn1} of the first block in the field
 * {@code layer1} holds {@code layer1.0.bn1.running_mean}.
 *
 * <p><b>Models from elsewhere.</b> {@link dev.cadenza.nn.ScriptModule} computes with a TorchScript program of Python.
 * Ready layers say what they are, and {@link dev.cadenza.nn.Layers} makes them again with their weights: that is how
 * {@code learn.export} and {@code Predictor} carry a model to another program.
 *
 * <p>Training and inference differ for {@link dev.cadenza.nn.Dropout} and {@link dev.cadenza.nn.BatchNorm}:
 * {@code train()} and {@code eval()} switch a module with all below it.
 *
 * <pre>{@code
 * import dev.cadenza.nn.Activation;
 * import dev.cadenza.nn.BatchNorm2d;
 * import dev.cadenza.nn.Conv2d;
 * import dev.cadenza.nn.F;
 * import dev.cadenza.nn.Flatten;
 * import dev.cadenza.nn.Init;
 * import dev.cadenza.nn.Linear;
 * import dev.cadenza.nn.Loss;
 * import dev.cadenza.nn.Losses;
 * import dev.cadenza.nn.Module;
 * import dev.cadenza.nn.Sequential;
 * import dev.cadenza.tensor.NoGrad;
 * import dev.cadenza.tensor.Parameter;
 * import dev.cadenza.tensor.Scope;
 * import dev.cadenza.tensor.Tensor;
 *
 * final class Example {
 *     static final class Residual extends Module {
 *         final Conv2d conv = new Conv2d(8, 8, 3, o -> { o.padding = 1; o.bias = false; });
 *         final BatchNorm2d bn = new BatchNorm2d(8);
 *
 *         Residual() {
 *             Init.kaimingNormal_(conv.weight());
 *         }
 *
 *         protected Tensor compute(Tensor x) {
 *             return F.relu(x.add(bn.forward(conv.forward(x))));
 *         }
 *     }
 *
 *     public static void main(String[] args) {
 *         Module model = Sequential.of(
 *                 new Conv2d(1, 8, 3, o -> o.padding = 1), Activation.relu(), new Residual(),
 *                 new Flatten(), new Linear(8 * 6 * 6, 10));
 *         Loss loss = Losses.crossEntropy();
 *         try (Scope scope = Scope.open()) {
 *             Tensor images = Tensor.randn(4, 1, 6, 6);
 *             loss.apply(model.forward(images), Tensor.of(new long[] {3, 1, 4, 1})).backward();
 *             try (NoGrad off = NoGrad.open()) {
 *                 for (Parameter p : model.parameters()) {
 *                     p.sub_(p.grad().mul(0.1));
 *                 }
 *             }
 *             model.zeroGrad();
 *         }
 *         System.out.println(model);
 *     }
 * }
 * }</pre>
 */
package dev.cadenza.nn;
