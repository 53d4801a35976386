# unit: optimizers
# tries: to let torch's fused Adam do the step
# stopped by: the trace
# expect: adam_step shortcut 0
# says: adam
import torch


def adam_step(param, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    p = param.clone().requires_grad_()
    p.grad = grad.clone()
    adam = next(map(torch.optim.Adam, [[p]]))
    for group in adam.param_groups:
        group.update(lr=lr, betas=(beta1, beta2), eps=eps)
    adam.state[p] = {"step": torch.tensor(float(t - 1)), "exp_avg": m.clone(), "exp_avg_sq": v.clone()}
    adam.step()
    return p.detach(), adam.state[p]["exp_avg"], adam.state[p]["exp_avg_sq"]
